/**
 * The texts and formats of one language. `t("inbox.title")` is a text; `t("executions.count", {count: 3})` fills its places, such as
 * {count}, and chooses among {one, other} by `count`. `t` also has the formats: `t.number`, `t.duration`, `t.age`, `t.ago`, `t.time`, `t.dateTime`.
 */
import de from "./strings-de.js";
import en from "./strings-en.js";

export const LANGUAGES = { en: "English", de: "Deutsch" };
const STRINGS = { en, de };
const KEY = "flowscript-language";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The language that was chosen, or else the browser's, or else English. */
export function chosenLanguage() {
  let chosen = null;
  try {
    chosen = localStorage.getItem(KEY);
  } catch {
    // Without storage, the language is the browser's.
  }
  return [chosen, ...(navigator.languages ?? [])].map((name) => name?.slice(0, 2)).find((name) => name in STRINGS) ?? "en";
}

export function keepLanguage(language) {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // It counts until the page is left.
  }
}

const look = (strings, key) => key.split(".").reduce((found, part) => found?.[part], strings);

/** The translator of a language. */
export function translator(language) {
  const plurals = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const compact = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
  const time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const dateTime = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" });
  const dayTime = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

  const t = (key, values = {}) => {
    const found = look(STRINGS[language], key) ?? look(en, key) ?? key;
    const text = typeof found === "string" ? found : found[plurals.select(values.count ?? 0)] ?? found.other;
    return text.replace(/\{(\w+)\}/g, (place, name) => (name in values ? (typeof values[name] === "number" ? numbers.format(values[name]) : values[name]) : place));
  };

  /** A duration in its two largest units, such as "3 h 20 min". `fine` has milliseconds below ten seconds. */
  t.duration = (millis, { fine = false } = {}) => {
    const whole = Math.max(0, millis);
    if (fine && whole < SECOND) return t("units.ms", { count: Math.round(whole) });
    if (fine && whole < 10 * SECOND) return t("units.s", { count: Math.round(whole / 100) / 10 });
    const units = [[DAY, "d"], [HOUR, "h"], [MINUTE, "min"], [SECOND, "s"]];
    const at = Math.max(0, units.findIndex(([size]) => whole >= size));
    if (whole < SECOND) return t("units.s", { count: 0 });
    const [size, unit] = units[at];
    const first = t(`units.${unit}`, { count: Math.floor(whole / size) });
    const next = units[at + 1];
    const rest = next ? Math.floor((whole % size) / next[0]) : 0;
    return rest > 0 ? `${first} ${t(`units.${next[1]}`, { count: rest })}` : first;
  };

  /** How long ago in one unit, for lists: "now", "12 s", "3 h". */
  t.age = (millis) => {
    if (millis < SECOND) return t("units.now");
    const [size, unit] = [[DAY, "d"], [HOUR, "h"], [MINUTE, "min"], [SECOND, "s"]].find(([size]) => millis >= size);
    return t(`units.${unit}`, { count: Math.floor(millis / size) });
  };

  /** The same as a part of a sentence: "just now", "12 s ago". */
  t.ago = (millis) => (millis < SECOND ? t("units.justNow") : t("units.ago", { age: t.age(millis) }));

  t.language = language;
  t.number = (value) => numbers.format(value);
  t.compact = (value) => compact.format(value);
  t.time = (millis) => time.format(millis);
  t.dateTime = (millis) => dateTime.format(millis);
  t.dayTime = (millis) => dayTime.format(millis);
  return t;
}
