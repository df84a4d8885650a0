/** A picture as large as the window allows; the arrows go to those beside it, Escape goes back. */
import type { KeyboardEvent } from "react";
import type { Picture } from "../../backend/client";
import { Dialog } from "../../components/Dialog";
import { Icon } from "../../components/Icon";
import { name, usePicture } from "./usePicture";

interface Props {
  pictures: Picture[];
  at: number;
  onAt: (at: number) => void;
  onClose: () => void;
}

export function Viewer({ pictures, at, onAt, onClose }: Props) {
  const picture = pictures[at];
  if (!picture) return null;
  const many = pictures.length > 1;
  const step = (by: number) => onAt((at + by + pictures.length) % pictures.length);
  const pressed = (event: KeyboardEvent) => {
    // A message behind it walks its versions by the same keys.
    event.stopPropagation();
    if (many && event.key === "ArrowLeft") step(-1);
    if (many && event.key === "ArrowRight") step(1);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of what stands in it are heard here
    <div onKeyDown={pressed}>
      <Dialog title={name(picture, at, pictures.length)} onClose={onClose} bare large>
        <div className="viewer">
          <Whole key={picture.id} picture={picture} />
          <div className="viewer-bar">
            {many && (
              <button type="button" className="icon-button" aria-label="The picture before" onClick={() => step(-1)}>
                <Icon name="left" />
              </button>
            )}
            <span className="count">{name(picture, at, pictures.length)}</span>
            {many && (
              <button type="button" className="icon-button" aria-label="The next picture" onClick={() => step(1)}>
                <Icon name="right" />
              </button>
            )}
            <span className="spring" />
            <button type="button" className="quiet" data-first="" onClick={onClose}>
              Close
            </button>
          </div>
        </div>
      </Dialog>
    </div>
  );
}

function Whole({ picture }: { picture: Picture }) {
  const url = usePicture(picture.id);
  if (url === null) return <p className="viewer-picture hint">Its file was not found.</p>;
  return url === undefined ? (
    <div className="viewer-picture" aria-busy="true" />
  ) : (
    <img className="viewer-picture" src={url} alt="" draggable={false} />
  );
}
