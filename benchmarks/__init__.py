"""One question a script, peers in the same run; a package only so that no other of this name hides it from tests."""
