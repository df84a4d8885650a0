/** The few signs of the interface: drawn here, 16 by 16, one stroke. */
const SHAPES = {
  plus: "M8 3.25v9.5M3.25 8h9.5",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.4 10.4 13.5 13.5",
  trash: "M3 4.5h10M6.25 4.5V3h3.5v1.5M4.25 4.5l.6 8.5h6.3l.6-8.5",
  close: "M4 4l8 8M12 4l-8 8",
  left: "M9.75 3.75 5.5 8l4.25 4.25",
  right: "M6.25 3.75 10.5 8l-4.25 4.25",
  down: "M3.75 6.25 8 10.5l4.25-4.25",
  send: "M8 13V3.5M3.75 7.5 8 3.25l4.25 4.25",
  stop: "M4.75 4.75h6.5v6.5h-6.5Z",
  settings: "M2.5 5h6M11.5 5h2M2.5 11h2M7.5 11h6M10 3.5v3M6 9.5v3",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  picture: "M2.5 3.5h11v9h-11ZM2.5 11l3.25-3.25L8.5 10.5l1.75-1.75 3.25 3.25M10.25 6.25h.01",
  locked: "M4 7.25h8v6H4ZM5.75 7.25V5.5a2.25 2.25 0 0 1 4.5 0v1.75",
  unlocked: "M4 7.25h8v6H4ZM5.75 7.25V5a2.25 2.25 0 0 1 4.35-.8",
  download: "M8 3v7M4.75 7 8 10.25 11.25 7M3 13h10",
  page: "M4 2.5h5.5L12.5 5.5v8H4ZM9.25 2.75v3h3M6 8h4.5M6 10.5h4.5",
  letters: "M1.75 12.5 5 3.5l3.25 9M2.9 9.5h4.2M14 12.5V7.5M14 10a2.25 2.25 0 1 1-4.5 0A2.25 2.25 0 0 1 14 10Z",
  columns: "M2.5 3.5h11v9h-11ZM8 3.5v9",
  panel: "M2.5 3.5h11v9h-11ZM10 3.5v9",
} as const;

export function Icon({ name }: { name: keyof typeof SHAPES }) {
  return (
    <svg
      className="icon"
      data-icon={name}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
      focusable="false"
    >
      <path d={SHAPES[name]} />
    </svg>
  );
}
