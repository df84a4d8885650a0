/** What can be done with a proposal, in sight for as long as there is one. */
import { useState } from "react";
import type { PassagePart } from "../../backend/client";
import { Icon } from "../../components/Icon";
import { plural } from "../../components/plural";
import { Trouble } from "../../components/Trouble";
import { GivenParts } from "./GivenParts";
import type { Asked } from "./useProposal";

/** What of a proposal is still to be decided. */
export interface Open {
  /** The user has written inside the passage since. */
  touched: boolean;
  changes: number;
  /** The one that is looked at, from 0. */
  at: number;
  /** Changes that the selection touches. */
  selected: number;
  /** The passage as it is, and as it would be. */
  beside: { old: string; new: string } | null;
}

interface Props {
  asked: Asked;
  open: Open;
  without: readonly PassagePart[];
  onWithout: (without: readonly PassagePart[]) => void;
  onTake: () => void;
  onTakeOne: () => void;
  onTakeSelected: () => void;
  onLeaveOne: () => void;
  onLook: (by: 1 | -1) => void;
  onStep: (by: 1 | -1) => void;
  onDrop: () => void;
  onStop: () => void;
  onAgain: (words: string) => void;
  /** The same once more, in the cloud; absent where that is off. */
  onElsewhere: (() => void) | undefined;
}

export function ProposalBar(props: Props) {
  const { asked, open, onDrop, onStop } = props;
  const { alternatives, writing } = asked;
  const made = alternatives[asked.at]?.made;
  const [beside, setBeside] = useState(false);
  const [parts, setParts] = useState(false);
  return (
    <div className="proposal-bar" role="group" aria-label="Proposal">
      {asked.trouble && <Trouble sentence={asked.trouble} page={asked.mends} onDismiss={onDrop} />}
      {open.touched && (
        <p className="hint">You have changed this passage since. Ask again for what stands there now.</p>
      )}
      {!writing && asked.shortened && (
        <p className="hint">The model read only the nearest part of the text around this passage.</p>
      )}
      {writing && (
        <div className="proposal-line">
          <span className="hint" role="status">
            {asked.step}
            {asked.more + alternatives.length > 0 && asked.count > 1
              ? ` ${Math.min(asked.count, asked.made + 1)} of ${asked.count}`
              : ""}
          </span>
          <span className="spring" />
          <button type="button" className="quiet" onClick={onStop}>
            Stop
          </button>
        </div>
      )}
      {alternatives.length > 0 && <Deciding {...props} />}
      {!writing && alternatives.length > 0 && asked.ask && <Refining {...props} />}
      {(alternatives.length > 0 || asked.given.length > 0) && (
        <div className="proposal-line proposal-more">
          {open.beside && (
            <button type="button" className="link" aria-expanded={beside} onClick={() => setBeside(!beside)}>
              Side by side
            </button>
          )}
          {asked.given.length > 0 && (
            <button type="button" className="link" aria-expanded={parts} onClick={() => setParts(!parts)}>
              What the model read
            </button>
          )}
          {!asked.ask && (
            <span className="hint">{made ? "From the conversation beside" : "An earlier version of this page"}</span>
          )}
          {props.onElsewhere && asked.ask && !writing && (
            <button type="button" className="link" onClick={props.onElsewhere}>
              Ask in the cloud…
            </button>
          )}
          <span className="spring" />
          {made && (
            <span className="proposal-model" data-place={made.place}>
              <span className="dot" aria-hidden="true" /> {made.model},{" "}
              {made.provider === null ? "on this device" : `at ${made.provider}`}
            </span>
          )}
        </div>
      )}
      {beside && open.beside && (
        <div className="proposal-beside">
          <section aria-label="As it is">
            <h3>As it is</h3>
            <p dir="auto">{open.beside.old}</p>
          </section>
          <section aria-label="As it would be">
            <h3>As it would be</h3>
            <p dir="auto">{open.beside.new}</p>
          </section>
        </div>
      )}
      {parts && <GivenParts given={asked.given} without={props.without} onWithout={props.onWithout} />}
    </div>
  );
}

/** Whole, one after another, what is selected, or none of it. */
function Deciding(props: Props) {
  const { asked, open, onTake, onTakeOne, onTakeSelected, onLeaveOne, onLook, onStep, onDrop } = props;
  const { alternatives, at } = asked;
  const nothing = open.touched || open.changes === 0;
  return (
    <div className="proposal-line">
      <button type="button" className="primary" disabled={nothing} onClick={onTake}>
        {open.changes > 1 ? "Accept all" : "Accept"}
      </button>
      <button type="button" className="quiet" onClick={onDrop}>
        Discard
      </button>
      {open.selected > 0 && open.changes > 1 && (
        <button type="button" className="quiet" title="Alt Enter" onClick={onTakeSelected}>
          Accept what is selected
        </button>
      )}
      {open.changes > 1 && !open.touched && (
        <span className="proposal-steps" role="group" aria-label="Change by change">
          <button
            type="button"
            className="icon-button"
            aria-label="The change before"
            title="Alt ↑"
            onClick={() => onLook(-1)}
          >
            <Icon name="left" />
          </button>
          <span className="count" role="status">
            {open.at + 1} of {plural(open.changes, "change")}
          </span>
          <button
            type="button"
            className="icon-button"
            aria-label="The next change"
            title="Alt ↓"
            onClick={() => onLook(1)}
          >
            <Icon name="right" />
          </button>
          <button type="button" className="quiet" title="Alt Enter" onClick={onTakeOne}>
            Accept this
          </button>
          <button type="button" className="quiet" title="Alt Delete" onClick={onLeaveOne}>
            Leave this
          </button>
        </span>
      )}
      {!open.touched && open.changes === 0 && <span className="hint">Nothing would change.</span>}
      <span className="spring" />
      {alternatives.length > 1 && (
        <span className="proposal-steps" role="group" aria-label="Proposals">
          <button
            type="button"
            className="icon-button"
            aria-label="The proposal before"
            disabled={at === 0}
            onClick={() => onStep(-1)}
          >
            <Icon name="left" />
          </button>
          <span className="count" role="status">
            {at + 1} of {plural(alternatives.length, "proposal")}
          </span>
          <button
            type="button"
            className="icon-button"
            aria-label="The next proposal"
            disabled={at + 1 >= alternatives.length}
            onClick={() => onStep(1)}
          >
            <Icon name="right" />
          </button>
        </span>
      )}
    </div>
  );
}

function Refining({ open, onAgain }: Props) {
  const [words, setWords] = useState("");
  return (
    <div className="proposal-line">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onAgain(words.trim());
          setWords("");
        }}
      >
        <input
          aria-label="Change the proposal"
          placeholder="Shorter, less formal, …"
          dir="auto"
          disabled={open.touched}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <button type="submit" className="quiet">
          {open.touched ? "Ask again" : words.trim() === "" ? "Another" : "Refine"}
        </button>
      </form>
    </div>
  );
}
