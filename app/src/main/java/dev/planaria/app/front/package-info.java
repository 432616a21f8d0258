/// The front: a small process that owns the port and every client connection, passes requests to
/// the worker, sends again what is unanswered when the worker dies, resumes event streams, and is
/// the process monitor. It holds no state that cannot be lost.
///
/// Read it top-down: [Front] accepts; [ClientConnection] reads one client's requests; [Forwarder]
/// is the heart, the loop that sends a request until it is answered; [WorkerPool] and [WorkerLink]
/// are the way to the worker; [Supervisor] keeps a worker running. Everything that takes long does
/// so in a virtual thread of its own, in plain blocking code.
@NullMarked
package dev.planaria.app.front;

import org.jspecify.annotations.NullMarked;
