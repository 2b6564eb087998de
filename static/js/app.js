// The one entry: every page loads it, and each module looks for what concerns it.
import "./times.js";
import "./forms.js";
import "./dialogs.js";
import "./composer.js";
import "./reading.js";
import "./ballots.js";
import "./ranking.js";
import "./console.js";
import "./projector.js";
import "./typing.js";
import "./live.js";
import "./inviting.js";
import "./passkeys.js";
import "./search.js";
