// What every page has.

import { mountAll } from "../lib/dom.js";
import * as bell from "../shell/bell.js";
import * as copying from "../shell/copying.js";
import { mountCommands } from "../shell/commands.js";
import { mountDialogs } from "../shell/dialog.js";
import { mountForms } from "../shell/forms.js";
import { mountMenus } from "../shell/menu.js";
import { mountPalette, mountPaletteKey, mountSearchButton } from "../shell/palette.js";
import * as passkey from "../shell/passkey.js";
import * as refresh from "../shell/refresh.js";
import * as relogin from "../shell/relogin.js";
import { mountReveals } from "../shell/reveal.js";
import * as settings from "../shell/settings.js";
import { mountShortcuts } from "../shell/shortcuts.js";
import { mountShortcutList } from "../shell/shortcut_list.js";
import * as sidebar from "../shell/sidebar.js";
import * as styleguide from "../shell/styleguide.js";
import * as theme from "../shell/theme.js";
import * as tokens from "../shell/tokens.js";
import { mountToasts } from "../shell/toasts.js";
import { mountTooltips } from "../shell/tooltip.js";
import { mountVersion } from "../shell/version.js";
import * as zone from "../shell/zone.js";

const palette = document.getElementById("palette");
mountMenus();
mountDialogs();
mountShortcuts();
mountShortcutList();
mountPaletteKey();
if (palette) mountPalette(palette);
mountCommands();
mountToasts(document.getElementById("toasts"));
mountTooltips(document.getElementById("tooltip"));
mountVersion();
mountReveals();
mountAll({
  bell: bell.mount,
  copy: copying.mount,
  passkey: passkey.mount,
  refresh: refresh.mount,
  relogin: relogin.mount,
  search: mountSearchButton,
  settings: settings.mount,
  sidebar: sidebar.mount,
  styleguide: styleguide.mount,
  theme: theme.mount,
  tokens: tokens.mount,
  zone: zone.mount,
});
mountForms();
