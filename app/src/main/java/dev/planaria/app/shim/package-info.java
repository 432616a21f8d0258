/// The shim: a small process that a client launches as its MCP server, and that passes the client's
/// lines on to a daemon over HTTP. It keeps what is unanswered and sends it again when the daemon
/// dies and another one comes; apart from that it holds no state. Of the product it uses JSON
/// alone, so that it stays small.
///
/// Read it top-down: [Shim] is one life of the process; [Bridge] is the heart, which takes lines in
/// and decides which is sent, sent again or given up; [Attachment] knows the daemon; [Conversation]
/// reads what one request brings; [ListenStream] holds the stream that belongs to no request.
@NullMarked
package dev.planaria.app.shim;

import org.jspecify.annotations.NullMarked;
