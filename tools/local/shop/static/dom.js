// What the shop's pages share: finding and making elements, and writing an amount.

export const euro = new Intl.NumberFormat("en-IE", { style: "currency", currency: "EUR" });
export const $ = (id) => document.getElementById(id);

export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null));
  return element;
}
