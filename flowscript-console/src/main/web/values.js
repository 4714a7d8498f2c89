/** JSON values that share their unchanged parts, and the paths of the protocol into them, such as `$.a.b[0]["c d"]`. */

/** Stands where the server has left a value out. */
export const OMITTED = Object.freeze({ omitted: true });

const MAX_PATHS = 2_000;
const INDEX = /^[0-9]{1,9}$/;
const PART = /\.?([^.[\]]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\['((?:[^'\\]|\\.)*)'\]/y;
const parsed = new Map();

/** The keys (texts) and indexes (numbers) of a path; null when it cannot be read. */
export function segments(path) {
  if (parsed.has(path)) return parsed.get(path);
  const result = parse(path);
  if (parsed.size >= MAX_PATHS) parsed.clear();
  parsed.set(path, result);
  return result;
}

function parse(path) {
  const parts = [];
  PART.lastIndex = path.startsWith("$") ? 1 : 0;
  while (PART.lastIndex < path.length) {
    const match = PART.exec(path);
    if (!match) return null;
    const [, name, index, double, single] = match;
    if (index === undefined) parts.push(name ?? (double ?? single).replace(/\\(.)/g, "$1"));
    else parts.push(Number(index));
  }
  return parts;
}

/** The path of a key or an index below another path. */
export function below(path, key) {
  if (typeof key === "number") return `${path}[${key}]`;
  return /^[\p{L}_@][\p{L}\p{M}\p{N}_@-]*$/u.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

const isObject = (value) => typeof value === "object" && value !== null && value !== OMITTED;

function slot(at, part, room) {
  if (!Array.isArray(at)) return String(part);
  const index = typeof part === "string" && INDEX.test(part) ? Number(part) : part;
  return Number.isInteger(index) && index < at.length + room ? index : null;
}

/** The value at the end of these segments; undefined when nothing is there. */
export function valueAt(root, parts) {
  let at = root;
  for (const part of parts) {
    if (!isObject(at)) return undefined;
    const key = slot(at, part, 0);
    if (key === null || !Object.hasOwn(at, key)) return undefined;
    at = at[key];
  }
  return at;
}

/** A root with another value at the end of these segments. It shares everything else with the given root. */
export function withValue(root, parts, value, level = 0) {
  if (level === parts.length) return value;
  const at = isObject(root) ? root : typeof parts[level] === "number" ? [] : {};
  const key = slot(at, parts[level], 1);
  if (key === null) return root;
  const copy = Array.isArray(at) ? at.slice() : { ...at };
  Object.defineProperty(copy, key, { value: withValue(Object.hasOwn(at, key) ? at[key] : undefined, parts, value, level + 1), enumerable: true, writable: true, configurable: true });
  return copy;
}
