/** Finding in a page and replacing what is found, above it. */
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Icon } from "../../components/Icon";
import { composing } from "../../components/keys";
import { plural } from "../../components/plural";
import { LOOSELY } from "../../editor/find";
import { FindOptions } from "./FindOptions";
import type { At, Finding } from "./finding";

interface Props {
  of: Finding;
  /** "this page". */
  where: string;
  /** Changes when there is more to look through. */
  read?: number;
  onClose: () => void;
}

const UNREADABLE =
  "This expression cannot be read. Look at its brackets, and at signs such as * + ?: one that means itself has a \\ before it.";
const ENDLESS = "This expression takes too long, so the search was ended. What was found until then is marked.";

export function FindBar({ of: finding, where, read = 0, onClose }: Props) {
  const [query, setQuery] = useState("");
  const [how, setHow] = useState(LOOSELY);
  const [instead, setInstead] = useState("");
  const [replacing, setReplacing] = useState(false);
  const [place, setPlace] = useState<At>({ at: 0, of: 0 });
  /** What the footnote says in which the one stands that is looked at. */
  const [around, setAround] = useState("");
  /** How many were replaced, until something else is looked for. */
  const [done, setDone] = useState<number | null>(null);
  const latest = useRef(finding);
  latest.current = finding;
  const arrive = (there: At) => {
    setPlace(there);
    setAround(finding.around());
  };
  const search = (words: string, exactly: typeof how) => {
    setQuery(words);
    setHow(exactly);
    setDone(null);
    arrive({ at: 0, of: finding.look(words, exactly) });
  };
  const go = async (by: 1 | -1) => arrive(await finding.step(by));
  useEffect(() => () => void latest.current.look("", LOOSELY), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when there is more to look through, and only then
  useEffect(() => {
    if (query !== "" && place.at === 0) arrive({ at: 0, of: finding.look(query, how) });
  }, [read]);
  const close = () => {
    onClose();
    finding.focus();
  };
  const replace = async () => arrive(await finding.replaceOne(instead));
  const everywhere = async () => {
    setDone(await finding.replaceAll(instead));
    arrive({ at: 0, of: finding.look(query, how) });
  };
  const pressed = (enter: (back: boolean) => void) => (event: KeyboardEvent) => {
    if (composing(event.nativeEvent)) return;
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && event.target instanceof HTMLInputElement && event.target.type !== "checkbox")
      enter(event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const { at, of } = place;
  const trouble = query === "" ? null : finding.trouble();
  const said =
    query === "" ? "" : of === 0 ? "Not found" : at === 0 ? `${of.toLocaleString("en")} found` : `${at} of ${of}`;
  return (
    <div className="find-bar" role="search">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the fields in it */}
      <div className="find-line" onKeyDown={pressed((back) => void go(back ? -1 : 1))}>
        <input
          autoFocus
          type="search"
          aria-label={`Find in ${where}`}
          placeholder={`Find in ${where}`}
          dir="auto"
          value={query}
          onChange={(event) => search(event.target.value, how)}
        />
        <span className="count" role="status">
          {done === null ? said : `${plural(done, "place")} replaced`}
        </span>
        <button
          type="button"
          className="icon-button"
          aria-label="The one before"
          disabled={of === 0}
          onClick={() => void go(-1)}
        >
          <Icon name="left" />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label="The next one"
          disabled={of === 0}
          onClick={() => void go(1)}
        >
          <Icon name="right" />
        </button>
        <FindOptions how={how} onChange={(next) => search(query, next)} />
        <button type="button" className="quiet" aria-expanded={replacing} onClick={() => setReplacing(!replacing)}>
          Replace
        </button>
        <span className="spring" />
        <button type="button" className="icon-button" aria-label="Close the search" onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      {trouble && (
        <p className="hint find-line" role="status">
          {trouble === "unreadable" ? UNREADABLE : ENDLESS}
        </p>
      )}
      {around !== "" && (
        <p className="hint find-line">
          In a footnote: <span dir="auto">{around}</span>
        </p>
      )}
      {replacing && (
        // biome-ignore lint/a11y/noStaticElementInteractions: keys of the field in it
        <div className="find-line" onKeyDown={pressed(() => void replace())}>
          <input
            autoFocus
            type="text"
            aria-label="Put in its place"
            placeholder="Put in its place"
            dir="auto"
            value={instead}
            onChange={(event) => setInstead(event.target.value)}
          />
          <button type="button" className="quiet" disabled={of === 0} onClick={() => void replace()}>
            {at === 0 ? "Go to the first" : "Replace this one"}
          </button>
          <button
            type="button"
            className="quiet"
            disabled={of === 0 || trouble !== null}
            onClick={() => void everywhere()}
          >
            Replace all {of > 0 ? of.toLocaleString("en") : ""}
          </button>
        </div>
      )}
    </div>
  );
}
