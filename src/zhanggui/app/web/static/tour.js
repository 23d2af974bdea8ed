/* An answer that is an error has no part of this page: it is loaded anew, with a token that holds (a login elsewhere
   ends the one that this page was made with). Without htmx the answer itself is shown. */
addEventListener("htmx:response:error", () => location.reload());
