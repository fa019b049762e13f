/** NoOpRecord. Nothing has changed; the leader shows that it is alive. */
import { record } from "../schema.ts";

export const NoOpRecord = record("NoOpRecord", { id: 20, versions: "0", flexible: "0+" }, () => ({}));
