/** The lines of a long list: only its beginning is in the page, and more as the user comes near its end. */
import { type ReactNode, useState } from "react";
import { useSentinel } from "./useSentinel";

const STEP = 100;

interface Props<T> {
  of: readonly T[];
  line: (one: T, i: number) => ReactNode;
  /** The box that scrolls, as a selector. */
  within: string;
}

export function Lines<T>({ of, line, within }: Props<T>) {
  const [many, setMany] = useState(STEP);
  const more = useSentinel(within, () => setMany((old) => old + STEP));
  return (
    <>
      {of.slice(0, many).map(line)}
      {/* Another one each time: the next lines may not have moved it out of sight. */}
      {many < of.length && <li key={`more than ${many}`} ref={more} className="sentinel" aria-hidden="true" />}
    </>
  );
}
