"""From a `SceneSpec` to radiance, frames and labels; imports `scenes`, never `blend` or `eval`."""
