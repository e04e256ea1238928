// What who is signed in may ask for: the API's own table of rights, as the build put it into the page.
import { ROLES, person } from "./session.js";

// "read:GET /api/a,GET /api/b/{id};owner:PATCH /api/a": the routes by the least role that may call them.
const rights = (document.documentElement.dataset.rights || "").split(";").flatMap((rows) => {
  const [role, routes] = rows.split(":");
  return routes.split(",").map((route) => ({ role, pattern: new RegExp(`^${route.replace(/\{\w+\}/g, "[^/]+")}$`) }));
});

// Whether a request would be let in; a key may do everything, and what no row names is nobody's.
export function may(method, path) {
  if (!person()) return true;
  const asked = `${method} ${path.split("?")[0]}`;
  return rights.some(({ role, pattern }) => ROLES.indexOf(role) <= ROLES.indexOf(person().role) && pattern.test(asked));
}
