/** Pictures, each in the room that it will need before its pixels are here. */
import { useState } from "react";
import type { Picture } from "../../backend/client";
import { name, usePicture } from "./usePicture";
import { Viewer } from "./Viewer";
import "./pictures.css";

export function Pictures({ pictures }: { pictures: Picture[] }) {
  const [open, setOpen] = useState<number | null>(null);
  if (pictures.length === 0) return null;
  return (
    <>
      <ul className="pictures" aria-label="Pictures">
        {pictures.map((picture, i) => (
          <li key={picture.id}>
            <button type="button" className="picture-button" title="Look at it closely" onClick={() => setOpen(i)}>
              <Thumbnail
                picture={picture}
                name={name(picture, i, pictures.length)}
                height={pictures.length === 1 ? 240 : 144}
              />
            </button>
          </li>
        ))}
      </ul>
      {open !== null && <Viewer pictures={pictures} at={open} onAt={setOpen} onClose={() => setOpen(null)} />}
    </>
  );
}

export function Thumbnail({ picture, name, height }: { picture: Picture; name: string; height: number }) {
  const url = usePicture(picture.id);
  const ratio = picture.width / Math.max(picture.height, 1);
  const style = { aspectRatio: `${Math.min(Math.max(ratio, 0.4), 2.5)}`, height: Math.min(height, picture.height) };
  if (url === null) {
    return (
      <span className="picture lost" style={style} role="img" aria-label={`${name}, not found`}>
        Not found
      </span>
    );
  }
  return url === undefined ? (
    <span className="picture" style={style} role="img" aria-label={name} />
  ) : (
    <img className="picture" style={style} src={url} alt={name} draggable={false} />
  );
}
