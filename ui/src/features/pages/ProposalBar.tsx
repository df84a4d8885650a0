/** What can be done with a proposal, in sight for as long as there is one. */
import { useState } from "react";
import { Trouble } from "../../components/Trouble";
import type { Asked } from "./useProposal";

interface Props {
  asked: Asked;
  /** The user has written inside the passage since. */
  touched: boolean;
  onTake: () => void;
  onDrop: () => void;
  onStop: () => void;
  onAgain: (words: string) => void;
}

export function ProposalBar({ asked, touched, onTake, onDrop, onStop, onAgain }: Props) {
  const [words, setWords] = useState("");
  if (asked.writing) {
    return (
      <div className="proposal-bar" role="group" aria-label="Proposal">
        <span className="hint" role="status">
          {asked.step}
        </span>
        <span className="spring" />
        <button type="button" className="quiet" onClick={onStop}>
          Stop
        </button>
      </div>
    );
  }
  return (
    <div className="proposal-bar" role="group" aria-label="Proposal">
      {asked.trouble && <Trouble sentence={asked.trouble} onDismiss={onDrop} />}
      {touched && <p className="hint">You have changed this passage since. Ask again for what stands there now.</p>}
      {asked.shortened && <p className="hint">The model read only the nearest part of the text around this passage.</p>}
      <div className="proposal-line">
        <button type="button" className="primary" disabled={touched} onClick={onTake}>
          Accept
        </button>
        <button type="button" className="quiet" onClick={onDrop}>
          Discard
        </button>
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
            disabled={touched}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
          <button type="submit" className="quiet" disabled={touched}>
            {words.trim() === "" ? "Another" : "Refine"}
          </button>
        </form>
        <span className="spring" />
        {asked.made && (
          <span className="proposal-model" data-place={asked.made.place}>
            <span className="dot" aria-hidden="true" /> {asked.made.model},{" "}
            {asked.made.provider === null ? "on this device" : `at ${asked.made.provider}`}
          </span>
        )}
      </div>
    </div>
  );
}
