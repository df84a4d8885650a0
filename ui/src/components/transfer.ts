/** What is pasted or dropped. */

export function carriesFiles(data: DataTransfer): boolean {
  return [...data.types].includes("Files");
}

export function picturesIn(data: DataTransfer): File[] {
  return [...data.files].filter(({ type }) => type.startsWith("image/"));
}

export function textsIn(data: DataTransfer): File[] {
  return [...data.files].filter(({ name, type }) => type === "text/plain" || /\.(txt|text|md|markdown)$/i.test(name));
}

/** What neither shows as a picture nor reads as a text. */
export function strangersIn(data: DataTransfer): File[] {
  const known = new Set([...picturesIn(data), ...textsIn(data)]);
  return [...data.files].filter((file) => !known.has(file));
}

/** A paste without words, or one that names files: WebKitGTK shows its page no more of it. */
export function hidesSomething(data: DataTransfer): boolean {
  const types = [...data.types];
  return !types.includes("Files") && (!types.includes("text/plain") || types.includes("text/uri-list"));
}

/** A text as part of a message, under its name. */
export function asPart(name: string, text: string, before: string): string {
  const gap = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  return `${gap}${name}:\n\n${text.trim()}\n\n`;
}
