export { showFeed } from "../shell/banner.js";
