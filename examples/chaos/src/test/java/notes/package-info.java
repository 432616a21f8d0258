/// A toy MCP server that keeps notes in a file, and the test that finds out that it does not.
@NullMarked
package notes;

import org.jspecify.annotations.NullMarked;
