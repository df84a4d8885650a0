/** Two answers to one question, side by side, until the user says which goes on. */
import type { ComparedView, ComparisonView } from "../../backend/client";
import { costWords, howKnown } from "../../components/cloud/money";
import { figure, plural } from "../../components/plural";
import { Prose } from "../../components/prose/Prose";
import { countWords, wholeWords } from "../../components/words";
import { useChosen, useSession } from "../../session/context";
import "./compared.css";

interface Props {
  conversation: number;
  comparison: ComparisonView;
}

export function Compared({ conversation, comparison }: Props) {
  const session = useSession();
  const { left, right, hidden } = comparison;
  const written = [left, right].every(({ message }) => message.state !== "streaming");
  return (
    <section className="compared" aria-label="Two answers, side by side" tabIndex={-1}>
      {hidden && !written ? (
        <Hidden />
      ) : (
        <div className="columns">
          <Column conversation={conversation} one={left} name={hidden ? "One" : null} ready={written} />
          <Column conversation={conversation} one={right} name={hidden ? "The other" : null} ready={written} />
        </div>
      )}
      {written && (
        <div className="compared-acts">
          <p className="hint">Choose the one to go on with. The other stays beside it as another version.</p>
          <button type="button" className="plain" onClick={() => void session.asking.decide(null)}>
            Neither is better
          </button>
        </div>
      )}
    </section>
  );
}

/** While it is not to be seen which of them is written first. */
export function Hidden() {
  return (
    <p className="hint compared-hidden" role="status">
      Two answers are being written. They are shown together, so that nothing tells which is whose.
    </p>
  );
}

interface ColumnProps {
  conversation: number;
  one: ComparedView;
  /** What it is called while it is not said who made it. */
  name: string | null;
  ready: boolean;
}

function Column({ conversation, one: { message, tookMs }, name, ready }: ColumnProps) {
  const session = useSession();
  const live = useChosen((state) => {
    const run = state.runs.get(conversation);
    return run?.message === message.id ? run.text : null;
  });
  const growing = message.state === "streaming";
  const text = growing ? wholeWords(live ?? message.text) : message.text;
  const { made } = message;
  const who = name ?? made?.model ?? "";
  const there = made?.place === "cloud" ? [made.provider, made.backend].filter(Boolean).join(" · ") : null;
  return (
    <article
      className="column"
      data-message={message.id}
      aria-label={`Answer of ${who}`}
      aria-busy={growing || undefined}
    >
      <header data-place={made?.place}>
        {made && <span className="dot" aria-hidden="true" />}
        <p className="column-name">{who}</p>
        {made && <span className="hint">{there ?? "on this computer"}</span>}
      </header>
      <Prose text={text} growing={growing} />
      {message.remark && <p className="ending">{message.remark}</p>}
      {!growing && (
        <dl className="column-figures">
          <Figure name="Time" value={tookMs === null ? "not known" : seconds(tookMs)} />
          <Figure name="Length" value={plural(countWords(message.text), "word")} />
          {made && <Cost made={made} />}
        </dl>
      )}
      {ready && (
        <button
          type="button"
          className="quiet"
          aria-label={`Go on with this one, the answer of ${who}`}
          onClick={() => void session.asking.decide(message.id)}
        >
          Go on with this one
        </button>
      )}
    </article>
  );
}

function Figure({ name, value, exact }: { name: string; value: string; exact?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd title={exact}>{value}</dd>
    </div>
  );
}

function Cost({ made }: { made: NonNullable<ComparedView["message"]["made"]> }) {
  return made.place === "device" ? (
    <Figure name="Cost" value="nothing" />
  ) : (
    <Figure name="Cost" value={costWords(made.cost)} exact={howKnown(made.cost)} />
  );
}

function seconds(ms: number): string {
  const taken = ms / 1000;
  if (taken < 10) return `${taken.toFixed(1)} seconds`;
  return taken < 90 ? `${figure(Math.round(taken))} seconds` : `${figure(Math.round(taken / 60))} minutes`;
}
