/** The backend contract as data: what each op is asked on which shapes, and how far an answer may be off. Imports random and backend. */
package io.espalier.backend.contract;
