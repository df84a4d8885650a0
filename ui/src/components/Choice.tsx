/** One of a few, all in view, and a word on the one that is chosen. */
import "./choice.css";

export interface Option<T> {
  value: T;
  name: string;
  detail?: string;
}

interface Props<T> {
  legend: string;
  name: string;
  options: readonly Option<T>[];
  chosen: T;
  onChoose: (value: T) => void;
}

export function Choice<T extends string>({ legend, name, options, chosen, onChoose }: Props<T>) {
  const detail = options.find(({ value }) => value === chosen)?.detail;
  return (
    <fieldset className="choice">
      <legend>{legend}</legend>
      <div className="choice-options">
        {options.map((option) => (
          <label key={option.value}>
            <input type="radio" name={name} checked={option.value === chosen} onChange={() => onChoose(option.value)} />
            <span>{option.name}</span>
          </label>
        ))}
      </div>
      {detail && <p className="choice-detail">{detail}</p>}
    </fieldset>
  );
}
