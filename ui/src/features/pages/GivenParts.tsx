/** What the model was given for a proposal, with sizes; each part can be left out the next time. */
import type { Given, PassagePart } from "../../backend/client";
import { GivenPart } from "../../components/GivenPart";
import { plural } from "../../components/plural";

const NAMES: Record<PassagePart, string> = {
  notes: "Notes of the project",
  title: "Title",
  before: "Text before",
  passage: "The passage",
  after: "Text behind",
};

interface Props {
  given: readonly Given[];
  without: readonly PassagePart[];
  onWithout: (without: readonly PassagePart[]) => void;
}

export function GivenParts({ given, without, onWithout }: Props) {
  const all = given.reduce((sum, { words }) => sum + words, 0);
  return (
    <div className="read-parts">
      <div className="read-bar" aria-hidden="true">
        {given.map(({ part, words }) => (
          <span key={part} data-part={part} style={{ flexGrow: words / Math.max(1, all) }} />
        ))}
      </div>
      <ul>
        {given.map(({ part, words, of }) => (
          <GivenPart
            key={part}
            part={part}
            name={NAMES[part]}
            said={
              words === 0 ? "left out" : words < of ? `${plural(words, "word")}, the nearest` : plural(words, "word")
            }
            given={part === "passage" || !without.includes(part)}
            onGiven={
              part === "passage"
                ? undefined
                : (given) => onWithout(given ? without.filter((one) => one !== part) : [...without, part])
            }
          />
        ))}
      </ul>
      <p className="hint">What is switched off is left out the next time you ask.</p>
    </div>
  );
}
