/** What vendor/preact.js holds: Preact, its hooks and htm. */
import { h } from "preact";
import htm from "htm";

export { Fragment, createContext, createRef, h, render } from "preact";
export { useCallback, useContext, useEffect, useId, useLayoutEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
export { memo } from "preact/compat";
export const html = htm.bind(h);
