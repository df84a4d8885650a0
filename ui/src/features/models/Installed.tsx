/** The models that are here, and what can be done with each. */
import type { InstalledModel } from "../../backend/client";
import { size, sizeOf } from "../../components/amounts";
import { Menu, type MenuItem } from "../../components/Menu";
import { useChosen, useSession } from "../../session/context";
import { MOVING } from "../../session/models";

export function Installed() {
  const installed = useChosen((state) => state.models.installed);
  const folder = useChosen((state) => state.models.folder);
  const moving = useChosen((state) => state.models.work.get(MOVING));
  return (
    <section aria-labelledby="models-here">
      <h3 id="models-here">On this computer</h3>
      <ul className="models">
        {installed.map((model) => (
          <Model key={model.id} model={model} />
        ))}
      </ul>
      {moving ? (
        <div role="status">
          <progress aria-label="Moving" value={moving.done} max={Math.max(moving.total, 1)} />
          <p className="hint">Moving {sizeOf(moving.done, moving.total)}</p>
        </div>
      ) : (
        folder && (
          <p className="hint">
            Downloaded models take {size(folder.bytes)} in <span className="path">{folder.path}</span>, where{" "}
            {size(folder.freeBytes)} are free.
          </p>
        )
      )}
    </section>
  );
}

function Model({ model }: { model: InstalledModel }) {
  const { models } = useSession();
  const checking = useChosen((state) => state.models.work.get(model.id));
  const moving = useChosen((state) => state.models.work.has(MOVING));
  const vision = useChosen((state) => state.models.catalogue?.find(({ id }) => id === model.id)?.visionBytes) ?? null;
  const coming = useChosen((state) => state.models.transfers.some(({ id }) => id === model.id));
  const blind = model.kind === "downloaded" && !model.sees && !model.missing && vision !== null && !coming;
  const items: MenuItem[] = [
    ...(blind ? [{ name: `Let it see pictures (${size(vision)})`, act: () => void models.get(model.id, true) }] : []),
    ...(model.missing ? [] : [{ name: "Check every byte again", act: () => void models.verify(model.id) }]),
    ...(model.kind === "guide" ? [] : [{ name: removal(model), act: () => void models.remove(model), danger: true }]),
  ];
  return (
    <li>
      <div className="model-words">
        <p className="entry-name">{model.name}</p>
        {checking ? (
          <div role="status">
            <progress aria-label={`Checking ${model.name}`} value={checking.done} max={Math.max(checking.total, 1)} />
            <p className="hint">Checking {sizeOf(checking.done, checking.total)}</p>
          </div>
        ) : (
          <p className="hint" title={model.place}>
            {words(model)}
          </p>
        )}
        {model.missing && <p className="entry-fit">Its file is not where it was: {model.place}</p>}
      </div>
      {model.inUse ? (
        <span className="entry-mark">In use</span>
      ) : (
        !model.missing && (
          <button
            type="button"
            className="quiet"
            aria-label={`Use ${model.name}`}
            disabled={moving}
            onClick={() => void models.use(model.id)}
          >
            Use
          </button>
        )
      )}
      <Menu name={`More about ${model.name}`} items={items} />
    </li>
  );
}

/** The user's own files stay where they lie: only the app's list forgets them. */
function removal({ kind, bytes }: InstalledModel): string {
  return kind === "file" ? "Take off this list" : `Move to the trash (${size(bytes)})`;
}

function words({ kind, bytes, sees, checked }: InstalledModel): string {
  const from = { guide: "Comes with Sotto", downloaded: "Downloaded", file: "Your own file" }[kind];
  return [from, size(bytes), sees && "sees pictures", checked].filter(Boolean).join(" · ");
}
