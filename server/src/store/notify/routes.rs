//! The table of routes.

use crate::store::{Store, StoreError};
use protocol::notify::{Route, RouteId};

impl Store {
    /// All routes, in the order in which they are asked.
    ///
    /// # Errors
    /// The database fails or holds a malformed row.
    pub async fn list_routes(&self) -> Result<Vec<Route>, StoreError> {
        let query = sqlx::query_as::<_, (RouteId, String)>("SELECT id, route FROM notify_routes ORDER BY position, id");
        let rows = query.fetch_all(self.reader()).await?;
        rows.into_iter()
            .map(|(id, text)| {
                let route: Route = serde_json::from_str(&text).map_err(|_| StoreError::Malformed { what: "route" })?;
                Ok(Route { id, ..route })
            })
            .collect()
    }

    /// Adds a route behind all others (with the number zero), or changes the one of that number in its place.
    ///
    /// # Errors
    /// The database fails.
    pub async fn save_route(&self, route: &Route) -> Result<RouteId, StoreError> {
        let text = serde_json::to_string(route).map_err(|_| StoreError::Malformed { what: "route" })?;
        let query = "INSERT INTO notify_routes (id, position, route)
             VALUES (nullif(?1, 0), (SELECT ifnull(max(position), 0) + 1 FROM notify_routes), ?2)
             ON CONFLICT (id) DO UPDATE SET route = ?2 RETURNING id";
        Ok(sqlx::query_scalar(query).bind(route.id).bind(text).fetch_one(self.writer()).await?)
    }

    /// Deletes a route and what it knew.
    ///
    /// # Errors
    /// The database fails.
    pub async fn delete_route(&self, id: RouteId) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query("DELETE FROM notify_routes WHERE id = ?").bind(id).execute(&mut *transaction).await?;
        sqlx::query("DELETE FROM notify_followed WHERE route_id = ?").bind(id).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Puts routes in this order; those that are not named stay behind them.
    ///
    /// # Errors
    /// The database fails.
    pub async fn order_routes(&self, ids: &[RouteId]) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
        sqlx::query("UPDATE notify_routes SET position = position + ?").bind(count).execute(&mut *transaction).await?;
        for (position, id) in (1_i64..).zip(ids) {
            sqlx::query("UPDATE notify_routes SET position = ? WHERE id = ?").bind(position).bind(id).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn routes_keep_their_order() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("tactus.db")).await.unwrap();
        let mut ids = Vec::new();
        for name in ["a", "b", "c"] {
            ids.push(store.save_route(&Route { name: name.into(), ..Route::default() }).await.unwrap());
        }
        let names = async || store.list_routes().await.unwrap().into_iter().map(|route| route.name).collect::<String>();
        assert_eq!(names().await, "abc");
        store.order_routes(&[ids[2], ids[0]]).await.unwrap();
        assert_eq!(names().await, "cab");
        store.save_route(&Route { id: ids[2], name: "C".into(), ..Route::default() }).await.unwrap();
        assert_eq!(names().await, "Cab");
        store.delete_route(ids[0]).await.unwrap();
        assert_eq!(names().await, "Cb");
    }
}
