/** Models that lie on this machine already, and the way to any other file. */
import { useState } from "react";
import type { FoundFile } from "../../backend/client";
import { useChosen, useSession } from "../../session/context";
import { size } from "../amounts";
import "./models.css";

/** `onUsed`: a file was opened and is the model in use. */
export function FoundFiles({ onUsed }: { onUsed: () => void }) {
  const { models } = useSession();
  const found = useChosen((state) => state.models.found) ?? [];
  const [refused, setRefused] = useState<string | null>(null);
  const use = async (file: FoundFile) => {
    setRefused(file.usable ? null : (file.whyNot ?? "This file is not a model that Sotto can open."));
    if (file.usable && (await models.takeFile(file.path))) onUsed();
  };
  const choose = async () => {
    const file = await models.chooseFile();
    if (file) await use(file);
  };
  return (
    <div className="found">
      {found.length > 0 && (
        <ul>
          {found.map((file) => (
            <li key={file.path} title={file.path}>
              <span className="found-words">
                <span className="found-name">{file.name}</span>
                <span className="hint">
                  {file.from} · {size(file.bytes)}
                  {!file.usable && file.whyNot && `. ${file.whyNot}`}
                </span>
              </span>
              {file.usable && (
                <button type="button" className="quiet" aria-label={`Use ${file.name}`} onClick={() => void use(file)}>
                  Use
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      <button type="button" className="quiet" onClick={() => void choose()}>
        Choose a file…
      </button>
      {refused && (
        <p ref={(node) => node?.scrollIntoView?.({ block: "nearest" })} className="entry-fit" role="alert">
          {refused}
        </p>
      )}
    </div>
  );
}
