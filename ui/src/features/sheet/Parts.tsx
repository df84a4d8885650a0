/** The parts of what would leave: each can be looked at, and all but the question struck out. */
import { useEffect, useMemo, useRef, useState } from "react";
import type { SheetPart } from "../../backend/client";
import { size } from "../../components/amounts";
import { plural } from "../../components/plural";
import { countWords } from "../../components/words";
import { useSession } from "../../session/context";
import { partName } from "./names";
import { Wording } from "./Wording";

/** From so many on, what was said before is one line until it is opened. */
const MANY = 4;

/** What is said of a part that the user switched off for the whole conversation. */
const OFF = "off in this conversation";

interface Props {
  parts: SheetPart[];
  onLeave: (keys: string[], out: boolean) => void;
}

interface Asked {
  /** The question's own words, where they are the user's to change; else null. */
  words: string | null;
  onWords: (words: string) => void;
}

export function Parts({ parts, onLeave, ...asked }: Props & Asked) {
  const before = parts.filter((part) => part.optional && part.role !== null);
  const folded = before.length >= MANY;
  const around = folded ? parts.filter((part) => !before.includes(part)) : parts;
  const question = around.findIndex(({ optional }) => !optional);
  const above = question < 0 ? around : around.slice(0, question);
  return (
    <ul className="parts" aria-label="What would leave">
      {above.map((part) => (
        <Part key={part.key} part={part} onLeave={onLeave} />
      ))}
      {folded && <Before parts={before} onLeave={onLeave} />}
      {question >= 0 &&
        around.slice(question).map((part) => <Part key={part.key} part={part} onLeave={onLeave} asked={asked} />)}
    </ul>
  );
}

/** What was said before, as one: struck out or put back at once, or opened. */
function Before({ parts, onLeave }: Props) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLInputElement>(null);
  const count = parts.filter(({ included }) => included).length;
  const free = parts.filter(({ off }) => !off);
  const some = count > 0 && count < parts.length;
  useEffect(() => {
    if (box.current) box.current.indeterminate = some;
  }, [some]);
  const words = useMemo(
    () => parts.reduce((sum, part) => sum + (part.included ? countWords(part.text) : 0), 0),
    [parts],
  );
  return (
    <li>
      <div className="part">
        <label className="part-box">
          <input
            ref={box}
            type="checkbox"
            aria-label="What was said before"
            checked={free.length > 0 && count === free.length}
            disabled={free.length === 0}
            onChange={() =>
              onLeave(
                free.map(({ key }) => key),
                count === free.length,
              )
            }
          />
        </label>
        <button type="button" className="part-words" aria-expanded={open} onClick={() => setOpen(!open)}>
          <span className="part-name">What was said before</span>
          <span className="hint">
            {free.length === 0 ? OFF : count === parts.length ? `all ${parts.length}` : `${count} of ${parts.length}`} ·{" "}
            {open ? "hide" : "show"}
          </span>
        </button>
        <span className="count">{plural(words, "word")}</span>
      </div>
      {open && (
        <ul className="parts within" aria-label={plural(parts.length, "earlier part")}>
          {parts.map((part) => (
            <Part key={part.key} part={part} onLeave={onLeave} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Part({ part, onLeave, asked }: { part: SheetPart; onLeave: Props["onLeave"]; asked?: Asked }) {
  const [open, setOpen] = useState(false);
  const name = part.optional ? partName(part) : "Your question";
  const line = part.text.trim().split("\n")[0] ?? "";
  return (
    <li data-out={!part.included || undefined}>
      <div className="part">
        {part.optional ? (
          <label className="part-box">
            <input
              type="checkbox"
              aria-label={`${name}: ${line || size(part.bytes)}`}
              checked={part.included}
              disabled={part.off}
              onChange={() => onLeave([part.key], part.included)}
            />
          </label>
        ) : (
          <span className="always" aria-hidden="true" />
        )}
        {part.picture !== null ? (
          <span className="part-words">
            <span className="part-name">{name}</span>
            <Seen id={part.picture} />
          </span>
        ) : (
          <button type="button" className="part-words" aria-expanded={open} onClick={() => setOpen(!open)}>
            <span className="part-name">{name}</span>
            <span className="part-line" dir="auto">
              {line}
            </span>
          </button>
        )}
        <span className="count" title={size(part.bytes)}>
          {part.off ? OFF : part.included ? measure(part) : "left out"}
        </span>
      </div>
      {open &&
        (!part.optional && asked?.words != null ? (
          <Wording words={asked.words} onWords={asked.onWords} />
        ) : (
          <p className="part-text" dir="auto">
            {part.text}
          </p>
        ))}
    </li>
  );
}

/** Words as they are counted; a picture by its size. */
function measure({ picture, bytes, text }: SheetPart): string {
  return picture === null ? plural(countWords(text), "word") : size(bytes);
}

function Seen({ id }: { id: number }) {
  const { pictures } = useSession();
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    let here = true;
    void pictures.url(id).then((found) => here && setUrl(found));
    return () => {
      here = false;
    };
  }, [pictures, id]);
  return url && <img className="part-picture" src={url} alt="" draggable={false} />;
}
