/** A part of what a model is given: its name, how much it is, and a switch where it can be left out. */
import "./given.css";

interface Props {
  part: string;
  name: string;
  /** How much it is, or that it is left out. */
  said: string;
  given: boolean;
  /** Absent where it cannot be left out. */
  onGiven?: ((given: boolean) => void) | undefined;
}

export function GivenPart({ part, name, said, given, onGiven }: Props) {
  return (
    <li className="given-part" data-part={part} data-out={!given || undefined}>
      {onGiven ? (
        <label className="check">
          <input type="checkbox" checked={given} onChange={(event) => onGiven(event.target.checked)} /> {name}
        </label>
      ) : (
        <span>{name}</span>
      )}
      <span className="count">{said}</span>
    </li>
  );
}
