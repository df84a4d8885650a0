/**
 * What would leave, to whom, and at what highest cost, before it leaves. It goes by the one
 * button that says so, never by Enter elsewhere; every other way out keeps everything here.
 */
import { useState } from "react";
import type { Sheet } from "../../backend/client";
import { size } from "../../components/amounts";
import { Copy } from "../../components/Copy";
import { LockedLine } from "../../components/cloud/LockedLine";
import { highestWords } from "../../components/cloud/money";
import { nameInSentence, placeWords, ruleOf, shortModel } from "../../components/cloud/route";
import { Dialog } from "../../components/Dialog";
import { figure } from "../../components/plural";
import { Trouble } from "../../components/Trouble";
import { wordsOf } from "../../session/asking";
import { useChosen, useSession } from "../../session/context";
import type { Pending } from "../../session/state";
import { Parts } from "./Parts";
import "./sheet.css";

const WORDS_A_TOKEN = 0.75;

export function SendSheet() {
  const pending = useChosen((state) => state.pending);
  return pending && <Sending pending={pending} />;
}

function Sending({ pending }: { pending: Pending }) {
  const session = useSession();
  const { asking } = session;
  const trouble = useChosen((state) => state.trouble);
  const locked = useChosen((state) => state.cloud.locked);
  const [remember, setRemember] = useState(false);
  const { sheet, looking } = pending;
  const route = sheet.backend ?? ruleOf(sheet.model);
  return (
    <Dialog title={`Send this to ${nameInSentence(sheet.recipient)}?`} onClose={asking.decline} wide>
      <div className="send-sheet" aria-busy={looking}>
        {trouble && <Trouble sentence={trouble} onDismiss={session.dismissTrouble} />}
        <LockedLine>Nothing leaves until it is off.</LockedLine>
        {pending.changed && (
          <p className="changed" role="alert">
            Something changed since you looked, so nothing was sent. This is what would leave now.
          </p>
        )}
        <p data-first="" tabIndex={-1} className="to goes">
          <span className="dot" aria-hidden="true" />
          <span>
            {placeWords({ name: sheet.recipient, route })} · {shortModel(sheet.model, route)}
            <span className="hint"> at {sheet.origin}</span>
          </span>
        </p>
        <Parts
          parts={sheet.parts}
          onLeave={(keys, out) => void asking.leave(keys, out)}
          words={wordsOf(pending.of)}
          onWords={(words) => void asking.reword(words)}
        />
        <Amounts sheet={sheet} />
        <Exact sheet={sheet} />
        {pending.of.for === "proposal" && (
          <p className="hint">Only what is listed here goes, and only this once. What comes back is a proposal.</p>
        )}
        {pending.once === null && sheet.project === null && (
          <p className="hint">
            After this the conversation asks again only when something of another kind would leave.
          </p>
        )}
        {sheet.project !== null && pending.once === null && (
          <label className="remember">
            <input type="checkbox" checked={remember} onChange={(event) => setRemember(event.target.checked)} />
            <span>
              Remember this for {sheet.project}
              <span className="hint"> You are asked again when something of another kind would leave.</span>
            </span>
          </label>
        )}
        <div className="dialog-actions">
          <button type="button" className="quiet" onClick={asking.decline}>
            Don’t send
          </button>
          <button
            type="button"
            className="primary"
            disabled={looking || locked}
            onClick={() => void asking.agree(remember)}
          >
            Send to {nameInSentence(sheet.recipient)}
          </button>
        </div>
      </div>
    </Dialog>
  );
}

function Amounts({ sheet }: { sheet: Sheet }) {
  return (
    <>
      {sheet.remarks.map((remark) => (
        <p key={remark} role="note" className="remark">
          {remark}
        </p>
      ))}
      <dl className="amounts">
        <div>
          <dt>Size</dt>
          <dd>{size(sheet.bytes)}</dd>
        </div>
        <div>
          <dt>To read</dt>
          <dd>{sheet.tokens === 0 ? "Unknown" : `About ${figure(about(sheet.tokens * WORDS_A_TOKEN))} words`}</dd>
        </div>
        <div>
          <dt>Highest cost</dt>
          <dd>{highestWords(sheet.highestCost)}</dd>
        </div>
      </dl>
    </>
  );
}

/** To two figures: it is an estimate. */
function about(words: number): number {
  return Math.max(1, Number(words.toPrecision(2)));
}

/** The very words, for whoever wants to see them. */
function Exact({ sheet }: { sheet: Sheet }) {
  return (
    <details className="exact">
      <summary>Exactly as it is sent</summary>
      <pre tabIndex={0} role="region" aria-label="Exactly as it is sent">
        {sheet.exact}
      </pre>
      <Copy text={sheet.exact} name="Copy exactly as it is sent" />
    </details>
  );
}
