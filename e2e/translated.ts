import type { Page } from "@playwright/test";

/**
 * Does to a page what Chrome's translation does: each text node is replaced by `<font><font>text</font></font>`, in what is
 * there and in whatever comes. React still holds the node that is gone: taking it out, or putting something in front of it,
 * throws; changing it shows nothing. The words stay the same, so that a test still finds them.
 */
export async function translate(page: Page): Promise<void> {
  await page.addInitScript(replaceTextNodes);
}

/** Runs in the page. */
function replaceTextNodes(): void {
  // Chrome leaves these as they are.
  const untranslated = "script, style, textarea, select, title, svg, font";
  const replaceText = (text: Text) => {
    if (!/\S/.test(text.data) || !text.parentElement || text.parentElement.closest(untranslated)) return;
    const inner = document.createElement("font");
    inner.textContent = text.data;
    const outer = document.createElement("font");
    outer.append(inner);
    text.replaceWith(outer);
  };
  const replaceIn = (node: Node) => {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    const found: Text[] = [];
    for (let next = walker.nextNode(); next; next = walker.nextNode()) found.push(next as Text);
    found.forEach(replaceText);
  };
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "characterData") replaceText(target as Text);
      for (const node of addedNodes) {
        if (node instanceof Text) replaceText(node);
        else replaceIn(node);
      }
    }
  }).observe(document, { childList: true, characterData: true, subtree: true });
}
