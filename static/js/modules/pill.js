export { mountPill } from "../shell/pill.js";
