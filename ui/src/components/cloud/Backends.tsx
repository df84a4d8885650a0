/** Who serves a model: pinned, so that it is known who reads the words and what they cost; or by a rule. */
import { useId } from "react";
import type { CloudModel } from "../../backend/client";
import { exactPrice, priceWords } from "./money";
import { POLICIES } from "./route";

interface Props {
  model: CloudModel;
  route: string | null;
  onChoose: (route: string) => void;
}

export function Backends({ model, route, onChoose }: Props) {
  const name = useId();
  const ruled = POLICIES.some((policy) => policy.route === route);
  return (
    <fieldset className="backends">
      <legend>Served by</legend>
      {model.backends.some(({ price }) => exactPrice(price) !== null) && (
        <p className="hint">Exact prices stand at the end: a million tokens read / written, as they bill it.</p>
      )}
      {model.backends.map((backend) => (
        <label key={backend.name}>
          <input type="radio" name={name} checked={backend.name === route} onChange={() => onChoose(backend.name)} />
          <span className="model-words">
            <span className="model-id">
              {backend.name}
              {!backend.live && <span className="hint"> · out of order at the moment</span>}
            </span>
            <span className="hint">{priceWords(backend.price)}</span>
          </span>
          {exactPrice(backend.price) && <span className="count">{exactPrice(backend.price)}</span>}
        </label>
      ))}
      <details open={ruled}>
        <summary>Or let them choose</summary>
        <p className="hint">Then it is not known beforehand who reads your words, and often not what they cost.</p>
        {POLICIES.map((policy) => (
          <label key={policy.route}>
            <input type="radio" name={name} checked={policy.route === route} onChange={() => onChoose(policy.route)} />
            <span>{policy.name}</span>
          </label>
        ))}
      </details>
    </fieldset>
  );
}
