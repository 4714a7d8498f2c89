/**
 * The German texts of flowscript-form.js:
 *
 *     import { FlowScriptForm } from "./flowscript-form.js";
 *     import { de } from "./flowscript-form-de.js";
 *     FlowScriptForm.texts.de = de;
 */
const entries = (number) => (number === 1 ? "1 Eintrag" : `${number} Einträge`);
const fields = (number) => (number === 1 ? "1 Feld" : `${number} Felder`);
const values = (list) => [list].flat().slice(0, 20).map((value) => (typeof value === "string" ? value : JSON.stringify(value))).join(", ");

export const de = {
  submit: "Senden",
  answer: "Antwort",
  yes: "Ja",
  no: "Nein",
  nothing: "nichts",
  choose: "– bitte wählen –",
  chooseKind: "Art",
  option: (number) => `Möglichkeit ${number}`,
  types: { string: "Text", number: "Zahl", integer: "Ganze Zahl", boolean: "Ja oder nein", object: "Felder", array: "Liste", null: "Nichts" },
  filter: (label) => `${label} filtern`,
  filtered: (shown) => entries(shown),
  item: (number) => `Eintrag ${number}`,
  add: "Hinzufügen",
  addTo: (label) => `Zu ${label} hinzufügen`,
  remove: "Entfernen",
  removeItem: (label) => `${label} entfernen`,
  up: (label) => `${label} nach oben`,
  down: (label) => `${label} nach unten`,
  moved: (from, to) => `Eintrag ${from} ist jetzt Eintrag ${to}`,
  removed: (label) => `${label} wurde entfernt`,
  more: (shown, all) => `Mehr zeigen (${shown} von ${all})`,
  name: "Name",
  file: (kilobytes) => `Eine Datei mit ${kilobytes} KB`,
  json: "JSON",
  notes: {
    any: "Ein beliebiger JSON-Wert oder ein Text.",
    ref: "Dieser Teil verweist auf etwas, das im Formular fehlt, und hat deshalb keine Felder. Bitte JSON eingeben.",
    large: "Dieser Teil ist zu groß für einzelne Felder. Bitte JSON eingeben.",
    never: "Dieser Teil des Formulars lässt keinen Wert zu.",
  },
  wrong: (number) => (number === 1 ? "1 Feld ist noch nicht richtig." : `${number} Felder sind noch nicht richtig.`),
  sending: "Wird gesendet …",
  sent: "Ihre Antwort zählt.",
  voted: "Ihre Stimme zählt. Es fehlen noch weitere.",
  resolved: (by, at) => `Dies wurde schon beantwortet${by ? ` von ${by}` : ""}${at ? `, ${at}` : ""}. Ihre Antwort war nicht mehr nötig.`,
  revised: "Was hier gezeigt wird, wurde inzwischen berichtigt. Bitte prüfen, bevor Sie senden; Ihre Eingaben sind noch da.",
  stale: "Was hier gezeigt wird, hat sich inzwischen geändert. Bitte prüfen und erneut senden; Ihre Eingaben sind noch da.",
  over: "Diese Frage ist nicht mehr offen.",
  forbidden: "Sie dürfen diese Frage nicht beantworten, oder jemand anderes ist gerade dabei.",
  failed: (why) => `Nicht gesendet: ${why}. Ihre Eingaben sind noch da; bitte noch einmal versuchen.`,
  invalid: "ist nicht gültig",
  keywords: {
    required: "wird benötigt",
    dependentRequired: "wird benötigt",
    type: "hat die falsche Art",
    const: (limit) => `muss ${values(limit)} sein`,
    enum: (limit) => `muss eines davon sein: ${values(limit)}`,
    minimum: (limit) => `muss mindestens ${limit} sein`,
    maximum: (limit) => `darf höchstens ${limit} sein`,
    exclusiveMinimum: (limit) => `muss mehr als ${limit} sein`,
    exclusiveMaximum: (limit) => `muss weniger als ${limit} sein`,
    multipleOf: (limit) => (limit === 1 ? "muss eine ganze Zahl sein" : `muss ein Vielfaches von ${limit} sein`),
    minLength: (limit) => (limit === 1 ? "darf nicht leer sein" : `braucht mindestens ${limit} Zeichen`),
    maxLength: (limit) => `darf höchstens ${limit} Zeichen haben`,
    pattern: "hat nicht die verlangte Form",
    format: "hat nicht die verlangte Form",
    minItems: (limit) => `braucht mindestens ${entries(limit)}`,
    maxItems: (limit) => `darf höchstens ${entries(limit)} haben`,
    uniqueItems: "darf nichts doppelt enthalten",
    minProperties: (limit) => `braucht mindestens ${fields(limit)}`,
    maxProperties: (limit) => `darf höchstens ${fields(limit)} haben`,
    additionalProperties: "wird hier nicht erwartet",
    number: "muss eine Zahl sein",
    digits: "hat mehr Ziffern, als gesendet werden können",
    json: "ist kein JSON",
    name: "braucht einen Namen",
    sameName: "hat einen Namen, den es schon gibt",
    fileSize: (limit) => `darf höchstens ${limit / 1024} KB haben`,
    unreadable: "kann nicht gelesen werden",
  },

};
