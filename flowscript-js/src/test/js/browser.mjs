/** Plays the parts that need a browser: see `playParts`. */
import { playParts } from "./chromium.mjs";
import { forms } from "./forms.mjs";
import { frames } from "./frames.mjs";
import { tabs, tabsOverHttp } from "./tabs.mjs";

await playParts({ ...forms, frames, tabs, tabsOverHttp });
