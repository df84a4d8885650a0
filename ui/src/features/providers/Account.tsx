/** One provider: what it is, where, by which key, and what it offers. One is open at a time. */
import { useEffect, useRef, useState } from "react";
import type { Provider } from "../../backend/client";
import { ModelChoice } from "../../components/cloud/ModelChoice";
import { PageLink } from "../../components/cloud/PageLink";
import { nameInSentence } from "../../components/cloud/route";
import { Icon } from "../../components/Icon";
import { useChosen, useSession } from "../../session/context";
import { Key } from "./Key";
import { Where } from "./Where";

interface Props {
  provider: Provider;
  open: boolean;
  onOpen: () => void;
}

export function Account({ provider, open, onOpen }: Props) {
  const panel = `provider-${provider.id}`;
  const session = useSession();
  const [said, setSaid] = useState<string | null>(null);
  const test = async () => {
    const now = session.state.cloud.providers?.find(({ id }) => id === provider.id);
    setSaid(null);
    // What has to be confirmed first, or waits for a key, is tried after that.
    if (!now || now.toConfirm || (now.keyNeeded && now.key !== "kept")) return;
    setSaid("Asking…");
    const { last } = session.state.cloud;
    const trouble = await session.cloud.testKey(now.id, last?.provider === now.id ? last.model : "");
    setSaid(trouble ?? `This works: ${nameInSentence(now.name)} answered.`);
  };
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (open) item.current?.scrollIntoView?.({ block: "nearest" });
  }, [open]);
  return (
    <li ref={item} className="provider" data-open={open}>
      <button
        type="button"
        className="provider-line"
        aria-expanded={open}
        aria-controls={open ? panel : undefined}
        onClick={onOpen}
      >
        <Icon name={open ? "down" : "right"} />
        <span className="provider-name">{provider.name}</span>
        <span className="hint">{standing(provider)}</span>
      </button>
      {open && (
        <div id={panel} className="provider-panel" role="group" aria-label={provider.name}>
          <p>{provider.words}</p>
          <Where
            key={`${provider.place} ${provider.billTo}`}
            provider={provider}
            said={said}
            onSaved={() => void test()}
          />
          {provider.origin !== null && !provider.toConfirm && (
            <>
              <Key key={provider.origin} provider={provider} />
              <Offered provider={provider} />
              {provider.billsPage !== null && <PageLink address={provider.billsPage}>See what they bill you</PageLink>}
            </>
          )}
        </div>
      )}
    </li>
  );
}

/** What the user chooses here is offered first where they choose again, and asked when a key is tested. */
function Offered({ provider }: { provider: Provider }) {
  const { cloud } = useSession();
  const last = useChosen((state) => state.cloud.last);
  return (
    <ModelChoice
      provider={provider}
      chosen={last?.provider === provider.id ? last.model : ""}
      onChoose={(model) => cloud.prefer({ provider: provider.id, model })}
    />
  );
}

function standing({ origin, toConfirm, key, keyNeeded }: Provider): string {
  if (origin === null) return "not set up";
  if (toConfirm) return "to be confirmed";
  if (key === "kept") return "ready, with a key";
  if (key === "unknown") return "the keychain does not answer";
  return keyNeeded ? "no key yet" : "ready";
}
