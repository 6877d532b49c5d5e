/** Running a plan: devices, the scheduler that turns trials into cohorts, the run directory, provenance. Imports everything else. */
package io.espalier.run;
