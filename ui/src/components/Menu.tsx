/** A button, and the menu that it opens. */
import { type ComponentProps, useId, useRef, useState } from "react";
import { Icon } from "./Icon";
import { type Anchor, type MenuItem, MenuList } from "./MenuList";

export type { MenuItem } from "./MenuList";

interface Props {
  name: string;
  items: MenuItem[];
  /** Opens above its button, where there is room. */
  up?: boolean;
  tabIndex?: number;
  /** The sign on its button. */
  icon?: ComponentProps<typeof Icon>["name"];
}

export function Menu({ name, items, up = false, tabIndex, icon = "more" }: Props) {
  const [anchor, setAnchor] = useState<Anchor | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  return (
    <div className="menu">
      <button
        ref={button}
        type="button"
        className="icon-button"
        aria-label={name}
        title={name}
        tabIndex={tabIndex}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        aria-controls={anchor ? id : undefined}
        // The list closes at any press outside of it: this one is to open it again.
        onPointerDown={(event) => anchor && event.nativeEvent.stopPropagation()}
        onClick={(event) => setAnchor(anchor ? null : event.currentTarget.getBoundingClientRect())}
      >
        <Icon name={icon} />
      </button>
      {anchor && (
        <MenuList
          id={id}
          name={name}
          items={items}
          anchor={anchor}
          up={up}
          onClose={(back) => {
            setAnchor(null);
            if (back) button.current?.focus();
          }}
        />
      )}
    </div>
  );
}
