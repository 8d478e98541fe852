// A field for the time zone that starts with the browser's own.

export function mount(field, { zone = Intl.DateTimeFormat().resolvedOptions().timeZone } = {}) {
  if (zone && field.value === field.defaultValue && field.value === "UTC") field.value = zone;
  return () => {};
}
