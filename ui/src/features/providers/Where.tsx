/** Where a provider is, and who pays, as far as either is the user's to say. */
import { useId, useState } from "react";
import type { Provider } from "../../backend/client";
import { Fresh } from "../../components/Fresh";
import { useSession } from "../../session/context";

const PLACES = {
  nothing: null,
  region: { label: "Region", hint: "As Amazon calls it.", placeholder: "for example eu-central-1" },
  resource: {
    label: "Resource",
    hint: "The first part of its address, before openai.azure.com.",
    placeholder: "for example my-resource",
  },
  address: {
    label: "Address",
    hint: "On this computer or in your network, or anywhere with https.",
    placeholder: "for example http://127.0.0.1:11434",
  },
} as const;

interface Props {
  provider: Provider;
  /** What trying it said, if it was tried. */
  said: string | null;
  /** Where it is is known now: it can be tried. */
  onSaved: () => void;
}

export function Where({ provider, said, onSaved }: Props) {
  const { cloud } = useSession();
  const [place, setPlace] = useState(provider.place);
  const [billTo, setBillTo] = useState(provider.billTo ?? "");
  const [refused, setRefused] = useState<string | null>(null);
  const id = useId();
  const asked = PLACES[provider.needs];
  // A server of the user's own answers or does not, whatever it is called: that is seen at once.
  const tried = provider.needs === "address";
  const save = async (confirmed: boolean) => {
    const payer = provider.billTo === null ? null : billTo.trim();
    const trouble = await cloud.setProvider(provider.id, place.trim(), payer, confirmed);
    setRefused(trouble);
    if (trouble === null && tried) onSaved();
  };
  const changed = place.trim() !== provider.place || billTo.trim() !== (provider.billTo ?? "");
  const another = provider.key === "kept" && place.trim() !== provider.place;
  return (
    <>
      {provider.origin !== null && (
        <p className="hint">
          Address: <span className="origin">{provider.origin}</span>
        </p>
      )}
      {(asked || provider.billTo !== null) && (
        <form
          className="where"
          onSubmit={(event) => {
            event.preventDefault();
            void save(false);
          }}
        >
          {asked && (
            <div className="field">
              <label htmlFor={`${id}-place`}>{asked.label}</label>
              <p className="hint" id={`${id}-place-hint`}>
                {asked.hint} {another && "The key is forgotten when this changes: it belongs to the old place."}
              </p>
              <input
                id={`${id}-place`}
                aria-describedby={`${id}-place-hint`}
                required
                spellCheck={false}
                autoComplete="off"
                placeholder={asked.placeholder}
                value={place}
                onChange={(event) => {
                  setPlace(event.target.value);
                  setRefused(null);
                }}
              />
            </div>
          )}
          {provider.billTo !== null && (
            <div className="field">
              <label htmlFor={`${id}-bill`}>Organisation that pays</label>
              <input
                id={`${id}-bill`}
                spellCheck={false}
                autoComplete="off"
                placeholder="Your own account"
                value={billTo}
                onChange={(event) => setBillTo(event.target.value)}
              />
            </div>
          )}
          {changed && (
            <button type="submit" className="quiet">
              {tried ? "Save and test" : "Save"}
            </button>
          )}
          <p className="where-outcome" role="status">
            <Fresh text={refused ?? (tried && !changed ? said : null)} />
          </p>
        </form>
      )}
      {provider.free !== null && provider.origin !== null && !changed && (
        <label className="remember">
          <input
            type="checkbox"
            checked={provider.free}
            onChange={(event) => void cloud.setFree(provider.id, event.target.checked)}
          />
          <span>
            Its answers cost nothing
            <span className="hint"> They count as free, so a monthly limit does not stop them.</span>
          </span>
        </label>
      )}
      {provider.toConfirm && !changed && (
        <div className="confirm" role="alert">
          <p>
            {provider.origin} is a server in your own network. The way there is not encrypted: whoever is in that
            network could read along. Is it yours?
          </p>
          <button type="button" className="quiet" onClick={() => void save(true)}>
            Yes, use it
          </button>
        </div>
      )}
    </>
  );
}
