/** DefaultPrincipal. A principal within an envelope (KIP-590). */
import { boolean, data, string } from "../schema.ts";

export const DefaultPrincipal = data("DefaultPrincipal", { versions: "0", flexible: "0+" }, () => ({
  type: string(),
  name: string(),
  tokenAuthenticated: boolean(),
}));
