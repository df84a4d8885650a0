/** How is looked for: the same boxes for one page and for all. */
import type { How } from "../../editor/find";

interface Props {
  how: How;
  onChange: (how: How) => void;
}

export function FindOptions({ how, onChange }: Props) {
  return (
    <>
      <label className="check">
        <input
          type="checkbox"
          checked={how.matchCase}
          onChange={(event) => onChange({ ...how, matchCase: event.target.checked })}
        />{" "}
        Capitals
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={how.wholeWords}
          onChange={(event) => onChange({ ...how, wholeWords: event.target.checked })}
        />{" "}
        Whole words
      </label>
      <label className="check" title="For example: chapter \d+. What stands in brackets is $1 in the replacement.">
        <input
          type="checkbox"
          checked={how.expression}
          onChange={(event) => onChange({ ...how, expression: event.target.checked })}
        />{" "}
        Regular expression
      </label>
    </>
  );
}
