import type { FormTexts } from "./flowscript-form.js";

/** German texts: `FlowScriptForm.texts.de = de`. */
export const de: FormTexts;
