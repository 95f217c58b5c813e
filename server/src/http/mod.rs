//! Routes and layers.
