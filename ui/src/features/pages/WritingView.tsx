/** How a page is shown while it is written: to the user's taste, the same for all pages. */
import { Dialog } from "../../components/Dialog";
import { useChosen, useSession } from "../../session/context";
import { asMade, LARGEST_LETTERS, LONGEST_LINE, SHORTEST_LINE, SMALLEST_LETTERS } from "../../session/remembered";

export function WritingView({ onClose }: { onClose: () => void }) {
  const { memory } = useSession();
  const writing = useChosen((state) => state.remembered.writing);
  const keep = (change: Partial<typeof writing>) => memory.keep({ writing: { ...writing, ...change } });
  return (
    <Dialog title="Writing view" onClose={onClose}>
      <label className="check writing-choice">
        <input
          type="checkbox"
          data-first=""
          checked={writing.focus}
          onChange={(event) => keep({ focus: event.target.checked })}
        />
        <span>
          Focus
          <span className="hint">Only the paragraph with the caret stands out.</span>
        </span>
      </label>
      <label className="check writing-choice">
        <input
          type="checkbox"
          checked={writing.typewriter}
          onChange={(event) => keep({ typewriter: event.target.checked })}
        />
        <span>
          Typewriter
          <span className="hint">The line that you write stays in the middle.</span>
        </span>
      </label>
      <div className="field">
        <label htmlFor="writing-line">Length of the lines</label>
        <input
          id="writing-line"
          type="range"
          min={SHORTEST_LINE}
          max={LONGEST_LINE}
          step={4}
          value={writing.line}
          aria-valuetext={`About ${writing.line} letters`}
          onChange={(event) => keep({ line: Number(event.target.value) })}
        />
      </div>
      <div className="field">
        <label htmlFor="writing-letters">Size of the letters</label>
        <input
          id="writing-letters"
          type="range"
          min={SMALLEST_LETTERS}
          max={LARGEST_LETTERS}
          step={1}
          value={writing.letters}
          aria-valuetext={`${writing.letters} pixels`}
          onChange={(event) => keep({ letters: Number(event.target.value) })}
        />
      </div>
      <div className="dialog-actions">
        <button type="button" className="quiet" onClick={() => keep(asMade.writing)}>
          Reset
        </button>
        <span className="spring" />
        <button type="button" className="primary" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
