/** The router for nginx; start with {@link io.bluegreen.nginx.NginxRouter}. */
@NullMarked
package io.bluegreen.nginx;

import org.jspecify.annotations.NullMarked;
