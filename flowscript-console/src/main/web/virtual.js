/** A long list in the page's own scrolling: only the rows that can be seen, and some around them, are in the document. */
import { useEffect, useState } from "./vendor/preact.js";

const AROUND = 12;

/** The first row and the end of those to show, of `count` rows of `height` pixels that begin where `top.current` is. */
export function useVirtual(count, height, top) {
  const [range, setRange] = useState({ first: 0, end: 40 });
  useEffect(() => {
    let frame = 0;
    const measure = () => {
      frame = 0;
      if (!top.current) return;
      const above = -top.current.getBoundingClientRect().top;
      const first = Math.max(0, Math.floor(above / height) - AROUND);
      const end = Math.ceil((above + innerHeight) / height) + AROUND;
      // A little scrolling shows rows that are there already.
      setRange((before) => (Math.abs(before.first - first) < AROUND / 2 && Math.abs(before.end - end) < AROUND / 2 ? before : { first, end }));
    };
    const soon = () => {
      frame ||= requestAnimationFrame(measure);
    };
    measure();
    addEventListener("scroll", soon, { passive: true });
    addEventListener("resize", soon);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener("scroll", soon);
      removeEventListener("resize", soon);
    };
  }, [height, top]);
  const first = Math.min(range.first, Math.max(0, count - 1));
  return { first, end: Math.max(first, Math.min(count, range.end)) };
}
