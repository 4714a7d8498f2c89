/** A form from the JSON Schema of a question, as the custom element `<flowscript-form>`. */

/** One place of an answer that is wrong. */
export interface Violation {
  /** As the server writes it, such as `$.items[2].name`, or a JSON Pointer. */
  path: string;
  /** The keyword of the schema, such as `minimum`. */
  keyword: string;
  message?: string;
}

/** What is asked. */
export interface FormQuestion {
  formSchema?: object | boolean;
  /** Shown: `title`, `description`, `submitLabel`, `cancelLabel`, and `options` [{value, label}]. */
  uiHints?: unknown;
  /** What is shown above the form. */
  contextData?: Record<string, unknown>;
  contextHash?: string;
  defaultValues?: unknown;
}

export interface FormInteraction {
  executionId?: string;
  nodeId?: string;
  tokenId?: string;
  nodeInfo?: FormQuestion;
}

/** What answers: a client or an execution of flowscript-client.js. */
export interface Answering {
  resume(interaction: any, answer: unknown, options?: { seen?: string; id?: string }): Promise<{ closes: boolean }>;
}

/** Texts of the form. A function gets what the text is about, such as a label, a number, or the limit that the schema sets. */
export interface FormTexts {
  /** What is wrong, by the keyword of the schema. */
  keywords?: Record<string, string | ((limit: any) => string)>;
  notes?: Record<string, string>;
  types?: Record<string, string>;
  [name: string]: any;
}

/**
 * Emits "submit" (cancelable) and "change" with the value as `detail`, "answered" with {closes, value}, and "refused" with the
 * error of the client.
 */
export class FlowScriptForm extends HTMLElement {
  /** The texts by language. `flowscript-form-de.js` has those for `de`. */
  static texts: Record<string, FormTexts>;
  /** Answers by this client or execution; null for a form whose page listens to "submit". */
  flow: Answering | null;
  /** A `human_interaction_required` or `human_interaction_revised` event, its data, an item of the inbox, or a question without them. */
  get interaction(): any;
  set interaction(interaction: FormInteraction | FormQuestion | { data: FormInteraction } | null);
  /** The answer as it would be sent now; undefined when nothing is filled in. */
  value: any;
  /** What is wrong, shown beside the fields. The first wrong field gets the focus. */
  get violations(): Violation[];
  set violations(violations: Violation[]);
  /** The key in `sessionStorage` for what is typed; null for none. The attribute is `draft-key`. */
  draftKey: string | null;
  /** Texts that replace those of the language. */
  get texts(): FormTexts;
  set texts(texts: FormTexts | null);
  /** Checks, emits "submit" and answers. Returns whether nothing was wrong. */
  submit(): boolean;
  /** Forgets what was typed. */
  reset(): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "flowscript-form": FlowScriptForm;
  }
}
