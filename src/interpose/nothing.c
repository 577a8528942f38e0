// A library without anything, named as the real libostree: what is linked with it needs that one,
// by its path.
