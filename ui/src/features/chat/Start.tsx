/** An empty conversation: whom to talk with, and three things to begin with. */
import { useState } from "react";
import type { StartingPoint, Thread } from "../../backend/client";
import { examplesFor, purposeOf } from "../../components/examples";
import { rove } from "../../components/rove";
import { useChosen, useSession } from "../../session/context";
import { PointEditor } from "./PointEditor";
import "./start.css";

export function Start({ thread, onExample }: { thread: Thread; onExample: (text: string) => void }) {
  const session = useSession();
  const points = useChosen((state) => state.library?.startingPoints) ?? [];
  const [edited, setEdited] = useState<StartingPoint | "new" | null>(null);
  const chosen = points.find((point) => point.instructions === thread.instructions && thread.instructions !== "");
  const plain = thread.instructions === "";
  const choose = (instructions: string) => void session.setInstructions(thread.id, instructions);

  return (
    <div className="start">
      <div className="measure">
        <h2>Where would you like to begin?</h2>
        <div
          className="points"
          role="radiogroup"
          aria-label="Starting point"
          onKeyDown={(event) => rove(event, "[role=radio]", true)}
        >
          <Point
            name="No instructions"
            description="The model as it is."
            chosen={plain}
            tabbable={plain || !chosen}
            onChoose={() => choose("")}
          />
          <div className="point-groups">
            {grouped(points).map(([name, members]) => (
              <div key={name} className="point-group" role="group" aria-labelledby={`points-${name}`}>
                <h3 id={`points-${name}`}>{name}</h3>
                {members.map((point) => (
                  <Point
                    key={point.id}
                    name={point.name}
                    description={point.description}
                    chosen={point === chosen}
                    tabbable={point === chosen}
                    onChoose={() => choose(point.instructions)}
                  />
                ))}
              </div>
            ))}
          </div>
        </div>
        <div className="point-actions">
          {chosen && (
            <button type="button" className="plain" onClick={() => setEdited(chosen)}>
              Edit “{chosen.name}”
            </button>
          )}
          <button type="button" className="plain" onClick={() => setEdited("new")}>
            Make your own
          </button>
        </div>
        <h3>Or try one of these</h3>
        <ul className="examples">
          {examplesFor(chosen ? `${chosen.name} ${chosen.description}` : "").map((example) => (
            <li key={example.short}>
              <button type="button" onClick={() => onExample(example.text)}>
                {example.short}
              </button>
            </li>
          ))}
        </ul>
      </div>
      {edited && (
        <PointEditor
          point={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
          onSaved={(point) => choose(point.instructions)}
        />
      )}
    </div>
  );
}

/** For what a starting point is, judged by what it says of itself; those of the user's own stand together. */
function grouped(points: StartingPoint[]): [string, StartingPoint[]][] {
  const groups = new Map<string, StartingPoint[]>(["Write", "Read", "Design", "Yours"].map((name) => [name, []]));
  for (const point of points)
    groups.get(point.builtIn ? purposeOf(`${point.name} ${point.description}`) : "Yours")?.push(point);
  return [...groups].filter(([, members]) => members.length > 0);
}

interface PointProps {
  name: string;
  description: string;
  chosen: boolean;
  tabbable: boolean;
  onChoose: () => void;
}

function Point({ name, description, chosen, tabbable, onChoose }: PointProps) {
  return (
    <button
      type="button"
      role="radio"
      aria-checked={chosen}
      tabIndex={tabbable ? 0 : -1}
      className="point"
      onClick={onChoose}
    >
      <span className="point-name">{name}</span>
      <span className="point-words">{description}</span>
    </button>
  );
}
