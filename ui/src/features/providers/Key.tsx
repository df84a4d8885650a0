/**
 * A key, typed once. The field is not React's: its words are in no state, and are gone from the
 * page in the moment they are handed over. Nobody sees a key again, this window least of all.
 */
import { useId, useRef, useState } from "react";
import type { KeepFor, Provider } from "../../backend/client";
import { PageLink } from "../../components/cloud/PageLink";
import { nameInSentence } from "../../components/cloud/route";
import { Fresh } from "../../components/Fresh";
import { useChosen, useSession } from "../../session/context";

export function Key({ provider }: { provider: Provider }) {
  const { cloud } = useSession();
  const field = useRef<HTMLInputElement>(null);
  const [thisRun, setThisRun] = useState(false);
  const [outcome, setOutcome] = useState<string | null>(null);
  const id = useId();
  const kept = provider.key === "kept";
  const without = provider.key === "unknown";
  const save = async (keepFor: KeepFor) => {
    const key = field.current?.value.trim() ?? "";
    setOutcome(null);
    if (key === "") return;
    const trouble = await cloud.saveKey(provider.id, key, keepFor);
    // What was refused is still there to be mended; what was kept is seen by nobody again.
    if (trouble === null && field.current) field.current.value = "";
    setOutcome(trouble ?? "The key is kept.");
  };
  return (
    <form
      className="field key"
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        void save(without ? "thisRun" : "keychain");
      }}
    >
      <label htmlFor={id}>Key{provider.keyNeeded ? "" : ", if the server asks for one"}</label>
      <p className="hint" id={`${id}-hint`}>
        {without
          ? (provider.keyTrouble ?? "There is no keychain on this system.")
          : kept
            ? "There is one. It is not shown again."
            : "It goes into your system’s keychain, and nowhere else."}
      </p>
      <div className="field-line">
        <input
          ref={field}
          id={id}
          type="password"
          required
          autoComplete="new-password"
          spellCheck={false}
          aria-describedby={`${id}-hint`}
          placeholder={kept ? "Another one in its place" : ""}
        />
        <button type="submit" className="quiet" disabled={without && !thisRun}>
          Save
        </button>
      </div>
      {without && (
        <label className="this-run">
          <input type="checkbox" checked={thisRun} onChange={(event) => setThisRun(event.target.checked)} />
          <span>Keep it until I close Sotto; it is forgotten then</span>
        </label>
      )}
      <div className="key-actions">
        {(kept || !provider.keyNeeded) && <Test provider={provider} onOutcome={setOutcome} />}
        {kept && (
          <button type="button" className="plain danger-text" onClick={() => void cloud.forgetKey(provider.id)}>
            Forget it
          </button>
        )}
        {provider.keysPage !== null && <PageLink address={provider.keysPage}>Make a key</PageLink>}
      </div>
      <p className="key-outcome" role="status">
        <Fresh text={outcome} />
      </p>
    </form>
  );
}

interface TestProps {
  provider: Provider;
  onOutcome: (outcome: string | null) => void;
}

function Test({ provider, onOutcome }: TestProps) {
  const { cloud } = useSession();
  const locked = useChosen((state) => state.cloud.locked);
  const last = useChosen((state) => state.cloud.last);
  const [testing, setTesting] = useState(false);
  const test = async () => {
    setTesting(true);
    onOutcome(null);
    const trouble = await cloud.testKey(provider.id, last?.provider === provider.id ? last.model : "");
    setTesting(false);
    onOutcome(trouble ?? `This works: ${nameInSentence(provider.name)} answered.`);
  };
  return (
    <button type="button" className="quiet" disabled={testing || locked} onClick={() => void test()}>
      {testing ? "Asking…" : provider.keyNeeded ? "Test this key" : "Test it"}
    </button>
  );
}
