/** A model of a provider's, and who serves it where that can be chosen. */
import { useEffect, useId, useState } from "react";
import type { CloudModel, Provider } from "../../backend/client";
import { useChosen, useSession } from "../../session/context";
import { figure, plural } from "../plural";
import { Backends } from "./Backends";
import { lowestPrice, priceWords } from "./money";
import { firstBackend, nameInSentence, splitRoute, withRoute } from "./route";
import "./cloud.css";

const SHOWN = 40;
/** Three quarters of a word each, by a rule of thumb. */
const WORDS_A_TOKEN = 0.75;

interface Props {
  provider: Provider;
  /** With its route; empty while none is chosen. */
  chosen: string;
  onChoose: (model: string) => void;
}

export function ModelChoice({ provider, chosen, onChoose }: Props) {
  return provider.listed ? (
    <Listed key={provider.id} provider={provider} chosen={chosen} onChoose={onChoose} />
  ) : (
    <Typed key={provider.id} provider={provider} chosen={chosen} onChoose={onChoose} />
  );
}

function Typed({ provider, chosen, onChoose }: Props) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>Model</label>
      <p className="hint" id={`${id}-hint`}>
        {provider.name} has no list to choose from: write the name as it stands there.
      </p>
      <input
        id={id}
        aria-describedby={`${id}-hint`}
        spellCheck={false}
        autoComplete="off"
        value={chosen}
        onChange={(event) => onChoose(event.target.value)}
      />
    </div>
  );
}

function Listed({ provider, chosen, onChoose }: Props) {
  const { cloud } = useSession();
  const models = useChosen((state) => state.cloud.models.get(provider.id));
  const locked = useChosen((state) => state.cloud.locked);
  const [reading, setReading] = useState(false);
  const read = (again: boolean) => {
    setReading(true);
    void cloud.readModels(provider.id, again).then(() => setReading(false));
  };
  if (models)
    return (
      <List
        provider={provider}
        models={models}
        chosen={chosen}
        onChoose={onChoose}
        reading={reading}
        onRead={() => read(true)}
      />
    );
  if (locked)
    return (
      <p className="hint">
        While the offline lock is on, {nameInSentence(provider.name)} cannot be asked for its models.
      </p>
    );
  return (
    <div>
      <button type="button" className="quiet" disabled={reading} onClick={() => read(false)}>
        {reading ? "Reading the list…" : "Show its models"}
      </button>{" "}
      <span className="hint">This asks {nameInSentence(provider.name)} for its list. Nothing of yours goes along.</span>
    </div>
  );
}

interface ListProps extends Props {
  models: CloudModel[];
  reading: boolean;
  onRead: () => void;
}

function List({ provider, models, chosen, onChoose, reading, onRead }: ListProps) {
  const id = useId();
  const [query, setQuery] = useState("");
  const { model: at, route } = splitRoute(chosen, provider.routes);
  const current = models.find((model) => model.id === at);
  const [known, setKnown] = useState(current);
  // What is chosen comes first when the list is opened, and stays in its place after that.
  useEffect(() => setKnown((before) => before ?? current), [current]);
  const found = models.filter((model) => matches(model, query));
  const ordered = known && found.includes(known) ? [known, ...found.filter((model) => model !== known)] : found;
  const choose = (model: CloudModel) =>
    onChoose(withRoute(model.id, provider.routes ? (firstBackend(model)?.name ?? "cheapest") : null));
  return (
    <div className="model-choice">
      <div className="field">
        <label htmlFor={id}>Model</label>
        <div className="field-line">
          <input
            id={id}
            type="search"
            spellCheck={false}
            placeholder="Find by name"
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
          <button type="button" className="plain" disabled={reading} onClick={onRead}>
            {reading ? "Reading…" : "Read again"}
          </button>
        </div>
      </div>
      <div className="model-list" role="radiogroup" aria-label={`Models of ${provider.name}`}>
        {ordered.slice(0, SHOWN).map((model) => (
          <label key={model.id}>
            <input type="radio" name={`${id}-model`} checked={model.id === at} onChange={() => choose(model)} />
            <span className="model-words">
              <span className="model-id">{model.name}</span>
              <span className="hint">{modelWords(model)}</span>
            </span>
          </label>
        ))}
      </div>
      <p className="hint" role="status">
        {found.length === 0
          ? "No model of this name."
          : found.length > SHOWN
            ? `${plural(found.length - SHOWN, "more model")}: write a part of the name.`
            : ""}
      </p>
      {current && provider.routes && (
        <Backends model={current} route={route} onChoose={(next) => onChoose(withRoute(current.id, next))} />
      )}
    </div>
  );
}

function matches({ id, name }: CloudModel, query: string): boolean {
  const words = query.toLowerCase().split(/\s+/);
  return words.every((word) => id.toLowerCase().includes(word) || name.toLowerCase().includes(word));
}

function modelWords(model: CloudModel): string {
  const holds =
    model.context === null
      ? null
      : `holds about ${figure(Math.round((model.context * WORDS_A_TOKEN) / 1000) * 1000)} words in mind`;
  return [priceWords(lowestPrice(model)), model.sees && "sees pictures", holds].filter(Boolean).join(" · ");
}
