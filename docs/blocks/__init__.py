"""Parts of the pages that come from the case and the code: one public function for each."""
