// What every page has.

import { mountAll } from "../lib/dom.js";
import { mountForms } from "../modules/forms.js";
import * as refresh from "../modules/refresh.js";
import * as theme from "../modules/theme.js";

mountAll({ refresh: refresh.mount, theme: theme.mount });
mountForms();
